"""What is done to the built site and what lies in it beside its pages."""
