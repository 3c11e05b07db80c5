"""How Factorenmodel is started: on one machine (`deploy.local`) and on a server (the other files)."""
