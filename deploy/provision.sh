#!/bin/sh
# Run by the image of PostgreSQL on an empty volume; OWNER_PASSWORD and APP_PASSWORD are in the environment.
set -eu
psql -X --username "$POSTGRES_USER" --dbname postgres --file /provision.sql \
    --set=database="$STORE" --set=owner="${STORE}_owner" --set=app="${STORE}_app"
