"""What is measured: areas, indicators, observations, partner outcomes, aggregates, releases. Lives in its own store."""

TAG = "Gebieden, indicatoren, waarnemingen en uitkomsten."
