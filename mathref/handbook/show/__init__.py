"""Turns what was read and run into the Markdown and HTML that a reader sees."""
