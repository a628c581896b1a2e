"""What gets killed: a program of its own that enrols one list. `judge ROWS` prepares the list, `enrol ID` enrols it.

Both print one line of JSON and end; which database they work in, LINDUNG_HOME and LINDUNG_DATABASE_NAME say.
"""

import json
import sys

from lindung.engine import provision

OFFICER = "city_officer.jambi"


def judge(rows: int) -> dict[str, int]:
    """Make a city, an agreement and a list of that many invented people, and take the list in."""
    import world
    from membership.sheets import cells, newcomers, receive, text

    jambi = world.city()
    promised = world.agreement(jambi, quota=rows)
    return {"roster": receive(jambi, promised, text(*map(cells, newcomers(rows))))}


def enrol(roster: int) -> dict[str, int]:
    """Enrol the list as the officer who sent it."""
    import world
    from lindung.access.scope import Actor, in_scope, scope_of, user_named
    from lindung.membership import enrolling

    officer = user_named(OFFICER)
    with in_scope(scope_of(officer, world.REGISTERED), actor=Actor.of(officer)):
        done = enrolling.enrol(roster_id=roster, by=Actor.of(officer), now=world.at(world.REGISTERED))
    return {"enrolled": done.enrolled, "lost": done.lost}


if __name__ == "__main__":
    provision.ready()
    verb, number = sys.argv[1:]
    result = {"judge": judge, "enrol": enrol}[verb](int(number))
    sys.stdout.write(json.dumps(result) + "\n")
