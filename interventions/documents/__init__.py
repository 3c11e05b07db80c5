"""Documents people use, made from the same JSON that the API answers: nothing stands in them that is not there."""
