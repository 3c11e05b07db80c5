-- One database with its two roles. Run as a superuser, once per store; running it again changes nothing:
--
--   OWNER_PASSWORD=… APP_PASSWORD=… psql -X -d postgres -f deploy/provision.sql \
--       --set=database=factorenmodel --set=owner=factorenmodel_owner --set=app=factorenmodel_app
--
-- and the same with monitoring, monitoring_owner and monitoring_app on the server of the monitoring store.
-- The owner migrates. The app role is what web server and workers use: it owns nothing, makes nothing, and gets its
-- rights on the tables from the migrations. Without the two passwords the roles get none (a local socket needs none).
\set ON_ERROR_STOP on
\getenv owner_password OWNER_PASSWORD
\getenv app_password APP_PASSWORD

SELECT format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE', name)
  FROM unnest(ARRAY[:'owner', :'app']) AS name
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec

\if :{?owner_password}
ALTER ROLE :"owner" PASSWORD :'owner_password';
\endif
\if :{?app_password}
ALTER ROLE :"app" PASSWORD :'app_password';
\endif

SELECT format('CREATE DATABASE %I OWNER %I ENCODING ''UTF8'' TEMPLATE template0', :'database', :'owner')
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec

ALTER DATABASE :"database" OWNER TO :"owner";
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO :"app";

\connect :"database"
ALTER SCHEMA public OWNER TO :"owner";
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO :"app";
