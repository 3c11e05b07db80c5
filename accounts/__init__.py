"""Who may do what: municipalities, people and machine clients, keys, roles."""

TAG = "Wie mag wat: toepassingen, sleutels en rollen."
