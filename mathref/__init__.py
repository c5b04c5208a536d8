"""The mathematics of deep learning as small functions that say what they compute.

Each concept is a module: ``from mathref.determinant import det``. Nothing is re-exported here, because a function
``svd`` at this level would hide the module ``svd``.
"""

__version__ = "0.1.0"
