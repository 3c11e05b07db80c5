"""PostgreSQL behind a wall: Django's backend, which tells the database how far the present caller may see."""
