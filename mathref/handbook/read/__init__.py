"""Reads pages: front matter, fences, names, shapes, references."""
