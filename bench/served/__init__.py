"""What the HTTP bench starts in processes of its own: our service with a constant answer beside it, and a peer."""
