TAG = "Begin van de API."
