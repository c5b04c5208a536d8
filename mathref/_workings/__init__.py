"""Workings: how a result comes about, step by step and in exact fractions, for a terminal, a notebook or a page.

Each step is written once, as lines of TeX with matrices between; what a terminal shows is made from the same lines.
There is one file for each concept that has a working; the public function there keeps the docstring and calls it.
"""
