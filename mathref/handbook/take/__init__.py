"""What a reader takes along: scripts, notebooks, Markdown, figures, cards, a book."""
