"""The one place where arguments are converted and refused.

Every function here takes the argument and its name, returns it as the library computes with it, and raises an error
that says what the argument was and what it should have been. Nothing is copied without need, nothing is modified.
"""
