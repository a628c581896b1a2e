"""Who tries to break the chain of blocks: only the owner of the tables can, for the app has no right to add one."""


def block(**says: str) -> str:
    """A first block that fits, but for what it says otherwise; its hash is of what it says unless that is said."""
    row = {
        "chain": "'events'",
        "number": "1",
        "from_txid": "'0'::xid8",
        "until_txid": "'9'::xid8",
        "rows": "1::bigint",
        "digest": "decode(repeat('11', 32), 'hex')",
        "previous": "decode(repeat('00', 32), 'hex')",
        **{name: value for name, value in says.items() if name != "hash"},
    }
    hashed = says.get(
        "hash",
        f"sha256(convert_to(jsonb_build_array({row['chain']}, {row['number']}, ({row['from_txid']})::text,"
        f" ({row['until_txid']})::text, {row['rows']}, encode({row['digest']}, 'hex'),"
        f" encode({row['previous']}, 'hex'), 0::bigint)::text, 'UTF8'))",
    )
    return (
        f"INSERT INTO ledger_block ({', '.join(row)}, closed_at, hash)"
        f" VALUES ({', '.join(row.values())}, 'epoch', {hashed})"
    )


FIRST = block()
SECOND = {"number": "2", "from_txid": "'9'::xid8", "until_txid": "'12'::xid8"}
BY_THE_OWNER = {
    "block_chain_known": ("SELECT 1", block(chain="'workers'")),
    "block_holds_rows": ("SELECT 1", block(rows="0::bigint")),
    "block_goes_forward": ("SELECT 1", block(until_txid="'0'::xid8")),
    "block_begins_at_nothing": ("SELECT 1", block(from_txid="'5'::xid8")),
    "block_follows_the_one_before": (FIRST, block(**SECOND)),
    "block_hash_of_what_it_says": ("SELECT 1", block(hash="decode(repeat('22', 32), 'hex')")),
}
"""First what is there already, then the attempt."""
