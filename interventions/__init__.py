"""What is done: organisations, interventions with their effect-ladder level, offerings, agreements, coverage."""

TAG = "Interventies, aanbod en dekking."
