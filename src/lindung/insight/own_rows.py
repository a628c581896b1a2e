"""Where a decision of this house and BPJS's word differ, asked of the database: whoever decides, both stand in the queue."""

# Each part gives what those of `difference_rows` give; the source named is the file of BPJS. The newest word of either
# side is compared.

_NEWEST = "(SELECT DISTINCT ON ({of}) * FROM {table} WHERE decided_by = '{by}' AND said_on <= %(on)s ORDER BY {of}, {last})"
_LATEST = "said_on DESC, id DESC"


def _both(table: str, *, of: str = "person_id", last: str = _LATEST) -> str:
    """The newest of ours as h beside the newest of BPJS's as b, for what they are of."""
    ours, theirs = (_NEWEST.format(of=of, table=table, last=last, by=by) for by in ("here", "bpjs"))
    return f"{ours} h JOIN {theirs} b USING ({of})"


_NUMBER = f"""
SELECT 'kpj_ours', 'kpj_ours:' || person_id, b.sponsor_id, person_id, NULL::bigint,
       jsonb_build_object('number', h.id), jsonb_build_object('number', b.id), greatest(h.said_on, b.said_on),
       b.word_id, b.line
  FROM {_both("membership_membernumber")} WHERE h.kpj_index <> b.kpj_index
"""  # noqa: S608 - our own constants

_STATUS = f"""
SELECT 'status_ours', 'status_ours:' || person_id, b.sponsor_id, person_id, NULL::bigint,
       jsonb_build_object('active', h.active, 'since', h.since, 'reason', h.reason),
       jsonb_build_object('active', b.active, 'since', b.since, 'reason', b.reason), greatest(h.said_on, b.said_on),
       b.word_id, b.line
  FROM {_both("membership_branchstatus")} WHERE (h.active, h.since) <> (b.active, b.since)
"""  # noqa: S608 - our own constants

# A month may have several codes of BPJS, one for each part of its bill; ours is one for the whole.
_CODE = f"""
SELECT 'code_ours', 'code_ours:' || agreement_id || ':' || to_char(month, 'YYYY-MM'), b.sponsor_id, NULL::bigint,
       agreement_id, jsonb_build_object('code', h.code, 'amount', h.amount, 'people', h.people, 'month', month),
       jsonb_build_object('code', b.code, 'amount', b.amount, 'people', b.people), greatest(h.said_on, b.said_on),
       b.word_id, b.line
  FROM {_both("contributions_contributioncode", of="agreement_id, month")}
 WHERE NOT EXISTS (SELECT 1 FROM contributions_contributioncode c
                    WHERE c.word_id = b.word_id AND c.agreement_id = b.agreement_id AND c.month = b.month
                      AND upper(c.code) = upper(h.code))
"""  # noqa: S608 - our own constants

# BPJS may tell a benefit in parts; ours is the whole.
_DETERMINATION = f"""
SELECT 'determination_ours', 'determination_ours:' || h.person_id || ':' || h.programme || ':' || h.event_date,
       b.sponsor_id, h.person_id, NULL::bigint, jsonb_build_object('amount', h.amount, 'number', h.number),
       jsonb_build_object('amount', b.amount, 'number', b.number, 'decided_on', b.decided_on,
                          'event_date', b.event_date, 'programme', b.programme),
       greatest(h.said_on, b.said_on), b.word_id, b.line
  FROM {
    _NEWEST.format(
        of="person_id, programme, event_date", table="claims_determination", last=_LATEST, by="here"
    )
} h
  JOIN (SELECT person_id, programme, event_date, sponsor_id, sum(amount)::bigint AS amount, max(said_on) AS said_on,
               max(decided_on) AS decided_on, string_agg(DISTINCT number, ', ') AS number,
               (array_agg(word_id ORDER BY id DESC))[1] AS word_id, (array_agg(line ORDER BY id DESC))[1] AS line
          FROM {
    _NEWEST.format(
        of="person_id, programme, event_date, benefit", table="claims_determination", last=_LATEST, by="bpjs"
    )
} newest
         GROUP BY person_id, programme, event_date, sponsor_id) b USING (person_id, programme, event_date)
 WHERE h.amount <> b.amount
"""  # noqa: S608 - our own constants

# Of the same day: a balance of another day may differ and both be right.
_BALANCE = f"""
SELECT 'balance_ours', 'balance_ours:' || person_id || ':' || as_of, b.sponsor_id, person_id, NULL::bigint,
       jsonb_build_object('amount', h.balance, 'as_of', as_of), jsonb_build_object('amount', b.balance, 'as_of', as_of),
       greatest(h.said_on, b.said_on), b.word_id, b.line
  FROM {_both("contributions_branchbalance", of="person_id, as_of")} WHERE h.balance <> b.balance
"""  # noqa: S608 - our own constants

OWN_PARTS = (_NUMBER, _STATUS, _CODE, _DETERMINATION, _BALANCE)
"""One for each kind of word that this house may be given to decide."""
