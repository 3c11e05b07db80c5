"""The register of factor models and the rankings made of them."""

TAG = "Factorenmodellen, rangschikkingen en codelijsten."
