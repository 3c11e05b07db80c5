"""What to open and call once everything runs, for the person who started it."""

GUIDE = """
Factorenmodel draait op {url}

  Sleutels van de demo (eerst inlezen):   . {folder}/demo-keys.env

  De rangschikking van de factoren
    curl $API/ranking-definitions/public-five-elements-2023
  Het profiel van een wijk, in één keer
    curl $API/areas/WK036300/profile
  Uitkomsten van een partner
    curl -H "Authorization: Bearer $PARTNER_KEY" $API/outcome-reports
  Dekking en gaten voor de accounthouder
    curl -H "Authorization: Bearer $ACCOUNTHOLDER_KEY" "$API/coverage/gaps?municipalityCode=GM0363"
  Pagina's voor mensen, en het beheer van accounts (naam en wachtwoord: ADMIN_USER en ADMIN_PASSWORD van de demo)
    {url}/   {url}/beheer/
  De beschrijving van de API
    {url}/v1/openapi.json

  Meer voorbeelden staan in README.md. Stoppen: Ctrl-C (de gegevens blijven staan).
"""


def guide(*, port: int, folder: str) -> str:
    """The text, for the service at this port with its data in this folder."""
    return GUIDE.format(url=f"http://127.0.0.1:{port}", folder=folder)
