"""Agreements and what belongs to them are seen by their sponsor, and by the branch that serves him."""

from django.db import migrations

from lindung.access.row_security import protected


class Migration(migrations.Migration):
    dependencies = [("partnership", "0001_tables"), ("access", "0003_rights")]

    operations = [
        protected("partnership_fundingsource", app="SELECT, INSERT"),
        protected("partnership_agreement", app="SELECT, INSERT, UPDATE (until)"),
        protected("partnership_paper", app="SELECT, INSERT"),
        protected("partnership_segment", app="SELECT, INSERT, UPDATE (quota)"),
        protected("partnership_budget", app="SELECT, INSERT"),
    ]
