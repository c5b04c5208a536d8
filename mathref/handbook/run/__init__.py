"""Runs blocks, each in a process of its own, and keeps what came of them."""
