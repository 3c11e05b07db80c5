"""Documents of the yearly cycle: analyses, plans of action, improvement actions, and their files."""
