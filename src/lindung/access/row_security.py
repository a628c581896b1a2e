"""The database's own wall: which role may touch a table, and which rows of it, as reversible migration steps.

Every table with rows of people gets `protected`, every other table gets `unprotected`. A table whose `app`
rights are "SELECT, INSERT" is append-only: the app's role can neither change nor remove a row of it.

COPY FROM is refused by PostgreSQL on a protected table; load into a temporary table and INSERT .. SELECT.
"""

import re

from django.db.migrations import RunSQL

from lindung.engine.addresses import APP, AUDITOR, LOADER, OWNER

VISIBLE = "lindung_sees(sponsor_id)"
WHOLE_CITY = "lindung_sees(sponsor_id) AND lindung_sees_place('*') AND lindung_writes()"
"""For what belongs to a city as a whole: who sees one kelurahan can neither add nor change it."""
_NAME = re.compile(r"^[a-z_][a-z0-9_.]*$")
_COMMANDS = ("SELECT", "INSERT", "UPDATE", "DELETE")


# Whoever may add a row may draw its id first: a sealed value is bound to its row's id.
_GRANT_SEQUENCES = """DO $$
DECLARE serial regclass;
BEGIN
  FOR serial IN SELECT d.objid::regclass FROM pg_depend d JOIN pg_class c ON c.oid = d.objid
    WHERE d.refobjid = '{table}'::regclass AND d.deptype IN ('a', 'i') AND c.relkind = 'S'
  LOOP
    EXECUTE format('GRANT USAGE ON SEQUENCE %s TO {role}', serial);
  END LOOP;
END $$"""

_DROP_POLICIES = """DO $$
DECLARE rule name;
BEGIN
  FOR rule IN SELECT polname FROM pg_policy WHERE polrelid = '{table}'::regclass
  LOOP
    EXECUTE format('DROP POLICY %I ON {table}', rule);
  END LOOP;
END $$"""


def protected(
    table: str,
    *,
    app: str = "SELECT, INSERT",
    loader: str = "",
    visible: str = VISIBLE,
    adding: str = "",
    auditor: bool = False,
) -> RunSQL:
    """Close a table, then open it for the named rights and the visible rows only.

    `app` and `loader` are rights as GRANT writes them, columns included: "SELECT, UPDATE (closed_on)".
    `visible` is an SQL condition on a row. Who only reads (mayor, auditor) can add or change nothing,
    whatever is visible, unless `adding` names the whole condition of a new or changed row instead. With `auditor` the
    role lindung_auditor reads every row directly.
    """
    steps = [*_closed(table), *_granted(table, app, loader)]
    steps += [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY lindung_owner_all ON {table} TO {OWNER} USING (true) WITH CHECK (true)",
    ]
    for role, rights in ((APP, app), (LOADER, loader)):
        steps += [_policy(table, role, command, visible, adding) for command in _commands(rights)]
    if auditor:
        steps += [
            f"GRANT SELECT ON {table} TO {AUDITOR}",
            f"CREATE POLICY {AUDITOR}_select ON {table} FOR SELECT TO {AUDITOR} USING (true)",
        ]
    return RunSQL(_script(steps), _script(_unprotect(table)))


def unprotected(table: str, *, app: str = "", loader: str = "", auditor: bool = False) -> RunSQL:
    """Grants only, for a table without rows of people (organisations, calendars, Django's own tables)."""
    steps = [*_closed(table), *_granted(table, app, loader)]
    if auditor:
        steps.append(f"GRANT SELECT ON {table} TO {AUDITOR}")
    return RunSQL(_script(steps), _script(_closed(table)))


def append_only(
    table: str, *, visible: str = VISIBLE, adding: str = "", loader: str = "", auditor: bool = False
) -> RunSQL:
    """Rows may be read and added, never changed or removed."""
    return protected(
        table, app="SELECT, INSERT", loader=loader, visible=visible, adding=adding, auditor=auditor
    )


def _closed(table: str) -> list[str]:
    if not _NAME.match(table):
        raise ValueError(f"not a table name: {table!r}")
    roles = f"PUBLIC, {APP}, {LOADER}, {AUDITOR}"
    return [f"REVOKE ALL ON {table} FROM {roles}"]


def _granted(table: str, app: str, loader: str) -> list[str]:
    steps = []
    for role, rights in ((APP, app), (LOADER, loader)):
        if not rights:
            continue
        steps.append(f"GRANT {rights} ON {table} TO {role}")
        if "INSERT" in _commands(rights):
            steps.append(_GRANT_SEQUENCES.format(table=table, role=role))
    return steps


def _commands(rights: str) -> list[str]:
    """The commands named in a GRANT list; "UPDATE (a, b)" is UPDATE."""
    words = re.findall(r"[A-Z]+", re.sub(r"\([^)]*\)", "", rights))
    unknown = [word for word in words if word not in _COMMANDS]
    if unknown:
        raise ValueError(f"not a right that row security knows: {unknown}")
    return words


def _policy(table: str, role: str, command: str, visible: str, adding: str) -> str:
    writes = f"({visible}) AND lindung_writes()"
    rule = {
        "SELECT": f"USING ({visible})",
        "INSERT": f"WITH CHECK ({adding or writes})",
        "UPDATE": f"USING ({adding or writes}) WITH CHECK ({adding or writes})",
        "DELETE": f"USING ({adding or writes})",
    }[command]
    return f"CREATE POLICY {role}_{command.lower()} ON {table} FOR {command} TO {role} {rule}"


def _unprotect(table: str) -> list[str]:
    return [
        _DROP_POLICIES.format(table=table),
        f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        *_closed(table),
    ]


def _script(steps: list[str]) -> str:
    return ";\n".join(steps) + ";"


# What `lindung_sees` and `lindung_sees_place` ask of each row, asked once for a whole statement: a sub-select without
# a row of its own is evaluated once. Reading a list of people costs a quarter less, and the planner knows the columns.
_ONCE = (
    (r"lindung_sees\(NULL::bigint\)", "(SELECT lindung_sees_all())"),
    (r"lindung_sees_place\(''\*''::text\)", "(SELECT lindung_sees_every_place())"),
    (
        r"lindung_sees\(([a-z_.]+)\)",
        r"((SELECT lindung_sees_all()) OR \1 = ANY ((SELECT lindung_seen_sponsors())::bigint[]))",
    ),
    (
        r"lindung_sees_place\(\(?([a-z_.]+)\)?(?:::text)?\)",
        r"((SELECT lindung_sees_every_place()) OR \1 = (SELECT lindung_seen_place()))",
    ),
)
_ASK_ONCE = """DO $$
DECLARE rule record;
BEGIN
  FOR rule IN SELECT tablename, policyname, qual FROM pg_policies
    WHERE schemaname = 'public' AND cmd = 'SELECT' AND qual ~ 'lindung_sees(_place)?\\('
  LOOP
    EXECUTE format('ALTER POLICY %I ON %I USING (%s)', rule.policyname, rule.tablename, {once});
    EXECUTE format('COMMENT ON POLICY %I ON %I IS %L', rule.policyname, rule.tablename, rule.qual);
  END LOOP;
END $$"""
_ASK_EACH = """DO $$
DECLARE rule record;
BEGIN
  FOR rule IN SELECT polname, polrelid::regclass AS place, obj_description(oid, 'pg_policy') AS was FROM pg_policy
    WHERE obj_description(oid, 'pg_policy') LIKE '%lindung_sees%'
  LOOP
    EXECUTE format('ALTER POLICY %I ON %s USING (%s)', rule.polname, rule.place, rule.was);
    EXECUTE format('COMMENT ON POLICY %I ON %s IS NULL', rule.polname, rule.place);
  END LOOP;
END $$"""


def asked_once() -> RunSQL:
    """Let the reading rules of every table that is there ask once for a statement whose rows are in sight.

    To be added after `protected` by a migration that makes a new table; a test looks for tables without it. Each rule
    carries as its comment how it was written, for the way back.
    """
    once = "rule.qual"
    for pattern, replacement in _ONCE:
        once = f"regexp_replace({once}, '{pattern}', '{replacement}', 'g')"
    return RunSQL(_ASK_ONCE.format(once=once), _ASK_EACH)
