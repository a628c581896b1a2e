"""Who may see a person: the sponsors in people_personscope, within the place in sight. Only the loader adds."""

from django.db import migrations

from lindung.access.row_security import protected

# lindung_sees(NULL) holds only for the system's own errands, which see every sponsor.
PERSON = """
    (lindung_sees(NULL) OR EXISTS (
        SELECT 1 FROM people_personscope s WHERE s.person_id = people_person.id AND lindung_sees(s.sponsor_id)))
    AND lindung_sees_place(kelurahan_code)
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0001_tables"), ("access", "0003_rights")]

    operations = [
        protected("people_personscope", app="SELECT", loader="SELECT, INSERT"),
        protected("people_person", app="SELECT", loader="SELECT, INSERT", visible=PERSON),
    ]
