"""Areas: hierarchies, vintages, successions and borders."""
