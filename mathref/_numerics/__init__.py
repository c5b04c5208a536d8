"""What computes with doubles: sums without loss, scaling, refinement, and the conventions of sign and order.

Each file is named by what it holds. Nothing here converts or refuses an argument for its type or shape.
"""
