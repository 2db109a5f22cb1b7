"""Rights in the database: what the statements of each role need, and no more.

Each file under db/queries becomes the body of a function in a database of its own,
and PostgreSQL says which functions, tables and columns it depends on. What a role
holds must be just that, and what stands in MORE, with the reason.
"""

import re

import queries
import tree

DAEMON, OPERATOR = "kattegat", "kattegat_operator"
# Run by members of kattegat_owner, who upgrade and make scale data.
OWNERS = {"migration_add", "retime", "scale_again", "scale_begin",
          "scale_check", "scale_end", "scale_part"}
MORE = {
    DAEMON: {},
    OPERATOR: {
        "function kg.missing(text,text)":
            "kg.run_get runs as who calls it, and refuses by this",
        "column kg.run.import_hash":
            "of the line of a file that the run came from: no secret",
    },
}

# Everything but reading: nobody but the owner has it.
WRITES = """
SELECT format('%%s on %%s', w, c.oid::regclass) FROM pg_class c,
    unnest(array['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES',
        'TRIGGER']) AS w
WHERE c.relnamespace = 'kg'::regnamespace AND c.relkind IN ('r', 'v', 'm', 'p')
    AND (has_table_privilege('%(role)s', c.oid, w)
        OR w IN ('INSERT', 'UPDATE', 'REFERENCES')
        AND has_any_column_privilege('%(role)s', c.oid, w))
UNION ALL SELECT format('%%s on %%s', w, c.oid::regclass) FROM pg_class c,
    unnest(array['USAGE', 'SELECT', 'UPDATE']) AS w
WHERE c.relnamespace = 'kg'::regnamespace AND c.relkind = 'S'
    AND has_sequence_privilege('%(role)s', c.oid, w)
UNION ALL SELECT 'CREATE in ' || n.nspname FROM pg_namespace n
WHERE has_schema_privilege('%(role)s', n.oid, 'CREATE')
    AND n.nspname !~ '^pg_(toast_)?temp'
UNION ALL SELECT 'CREATE on the database'
WHERE has_database_privilege('%(role)s', current_database(), 'CREATE')
UNION ALL SELECT 'the rights of ' || r.rolname FROM pg_roles r
WHERE r.rolname <> '%(role)s' AND pg_has_role('%(role)s', r.oid, 'MEMBER')
UNION ALL SELECT 'being more than a login' FROM pg_roles r
WHERE r.rolname = '%(role)s' AND (r.rolsuper OR r.rolcreaterole OR r.rolcreatedb
    OR r.rolbypassrls OR r.rolreplication OR NOT r.rolcanlogin)
UNION ALL SELECT 'ownership of ' || d.classid::regclass || ' ' || d.objid
FROM pg_shdepend d WHERE d.deptype = 'o' AND d.refobjid = '%(role)s'::regrole
ORDER BY 1;
"""

# The daemon's columns are told one by one. To the operator a table may be granted as a
# whole, and is one line; but bytes are hashes and secrets, and told all the same.
HELD = """
SELECT 'function ' || p.oid::regprocedure FROM pg_proc p
WHERE p.pronamespace = 'kg'::regnamespace
    AND has_function_privilege('%(role)s', p.oid, 'EXECUTE')
UNION ALL SELECT 'table ' || c.oid::regclass FROM pg_class c
WHERE c.relnamespace = 'kg'::regnamespace AND c.relkind IN ('r', 'v', 'm', 'p')
    AND '%(role)s' <> 'kattegat' AND has_table_privilege('%(role)s', c.oid, 'SELECT')
UNION ALL SELECT format('column %%s.%%s', c.oid::regclass, a.attname)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
WHERE c.relnamespace = 'kg'::regnamespace AND c.relkind IN ('r', 'v', 'm', 'p')
    AND NOT a.attisdropped
    AND has_column_privilege('%(role)s', c.oid, a.attnum, 'SELECT')
    AND ('%(role)s' = 'kattegat' OR a.atttypid = 'bytea'::regtype
        OR NOT has_table_privilege('%(role)s', c.oid, 'SELECT'))
ORDER BY 1;
"""

NEEDED = """
SELECT p.proname || ' function ' || d.refobjid::regprocedure
FROM pg_depend d JOIN pg_proc p ON p.oid = d.objid
    JOIN pg_proc f ON f.oid = d.refobjid
WHERE d.classid = 'pg_proc'::regclass AND d.refclassid = 'pg_proc'::regclass
    AND p.pronamespace = 'kg_lint'::regnamespace
    AND f.pronamespace = 'kg'::regnamespace
UNION SELECT p.proname || ' table ' || d.refobjid::regclass
FROM pg_depend d JOIN pg_proc p ON p.oid = d.objid
    JOIN pg_class c ON c.oid = d.refobjid AND c.relkind IN ('r', 'v', 'm', 'p')
WHERE d.classid = 'pg_proc'::regclass AND d.refclassid = 'pg_class'::regclass
    AND p.pronamespace = 'kg_lint'::regnamespace
UNION SELECT format('%s column %s.%s', p.proname, d.refobjid::regclass, a.attname)
FROM pg_depend d JOIN pg_proc p ON p.oid = d.objid
    JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
    JOIN pg_class c ON c.oid = d.refobjid AND c.relkind IN ('r', 'v', 'm', 'p')
WHERE d.classid = 'pg_proc'::regclass AND d.refclassid = 'pg_class'::regclass
    AND d.refobjsubid > 0 AND p.pronamespace = 'kg_lint'::regnamespace
ORDER BY 1;
"""


def daemon_folders():
    """Those whose statements db/db.mk compiles into the daemon."""
    listed = tree.text(tree.ROOT / "db/db.mk").replace("\\\n", " ")
    store = re.search(r"^DB_QUERIES_STORE = (.*)$", listed, re.M).group(1)
    return {folder for name in re.findall(r"\$\((\w+)\)", store)
            for folder in re.findall(r"^%s \+= db/queries/(\w+)/" % name,
                                     listed, re.M)}


def as_function(psql, path):
    """The statement as the body of a function of its name; what is wrong."""
    name = queries.query_name(path)
    statement = tree.text(path).strip().rstrip(";")
    types, wrong = queries.ask(psql, (
        "PREPARE %s AS\n%s;\nSELECT parameter_types FROM"
        " pg_prepared_statements;\n") % (name, statement))
    if wrong:
        return wrong
    return queries.ask(psql, (
        "CREATE FUNCTION kg_lint.%s(%s) RETURNS SETOF record LANGUAGE sql\n"
        "BEGIN ATOMIC\n%s;\nEND;\n") % (name, types.strip("{}").replace(
            '"', ""), statement))[1]


def needs(psql):
    """{"query_feed_load": {"function kg.feed_load(...)", ...}}"""
    found = {}
    for line in queries.ask(psql, NEEDED)[0].splitlines():
        name, thing = line.split(" ", 1)
        found.setdefault(name, set()).add(thing)
    return found


def table_of(thing):
    kind, _, name = thing.partition(" ")
    return "table " + name.rpartition(".")[0] if kind == "column" else None


def judge(psql, role, needed):
    """What a role has and does not need; what it needs and does not have."""
    held = set(queries.ask(psql, HELD % {"role": role})[0].splitlines())
    needed = needed | set(MORE[role])
    for thing in sorted(held - needed):
        yield "%s has %s, which none of its statements needs" % (role, thing)
    for thing in sorted(needed - held):
        # by the whole table, or by its columns
        if table_of(thing) in held or thing.startswith("table "):
            continue
        yield "%s has no %s, but needs it" % (role, thing)
    for right in queries.ask(psql, WRITES % {"role": role})[0].splitlines():
        yield "%s has %s" % (role, right)


def least():
    folders = daemon_folders()
    with queries.database() as psql:
        wrong = queries.load(psql)
        if wrong:
            yield wrong
            return
        queries.ask(psql, "CREATE SCHEMA kg_lint")
        role_of = {}
        for path in queries.query_files():
            if path.parent.name == "ctl" and path.stem in OWNERS:
                continue
            wrong = as_function(psql, path)
            if wrong:
                yield "%s: %s" % (tree.short(path), wrong)
            role_of[queries.query_name(path)] = (
                DAEMON if path.parent.name in folders else OPERATOR)
        found = needs(psql)
        for role in (DAEMON, OPERATOR):
            yield from judge(psql, role, set().union(*(
                found.get(name, set()) for name, its in role_of.items()
                if its == role)))
