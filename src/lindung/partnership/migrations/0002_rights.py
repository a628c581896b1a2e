"""Agreements and what belongs to them are seen by their sponsor, and by the branch that serves him.

Row security hangs on `sponsor_id`, so no row may carry another sponsor than the agreement it belongs to: the
foreign keys take both columns together.
"""

from django.db import migrations

from lindung.access.row_security import protected

WHOLE_KEYS = """
CREATE UNIQUE INDEX funding_source_and_sponsor ON partnership_fundingsource (id, sponsor_id);
CREATE UNIQUE INDEX agreement_and_sponsor ON partnership_agreement (id, sponsor_id);
CREATE UNIQUE INDEX segment_agreement_and_sponsor ON partnership_segment (id, agreement_id, sponsor_id);
ALTER TABLE partnership_agreement ADD CONSTRAINT agreement_paid_by_its_sponsors_source
    FOREIGN KEY (funding_source_id, sponsor_id) REFERENCES partnership_fundingsource (id, sponsor_id);
ALTER TABLE partnership_paper ADD CONSTRAINT paper_of_its_sponsors_agreement
    FOREIGN KEY (agreement_id, sponsor_id) REFERENCES partnership_agreement (id, sponsor_id);
ALTER TABLE partnership_segment ADD CONSTRAINT segment_of_its_sponsors_agreement
    FOREIGN KEY (agreement_id, sponsor_id) REFERENCES partnership_agreement (id, sponsor_id);
ALTER TABLE partnership_budget
    ADD CONSTRAINT budget_of_its_sponsors_agreement
        FOREIGN KEY (agreement_id, sponsor_id) REFERENCES partnership_agreement (id, sponsor_id),
    ADD CONSTRAINT budget_from_its_sponsors_source
        FOREIGN KEY (funding_source_id, sponsor_id) REFERENCES partnership_fundingsource (id, sponsor_id);
"""

UNDO = """
ALTER TABLE partnership_budget DROP CONSTRAINT budget_from_its_sponsors_source,
    DROP CONSTRAINT budget_of_its_sponsors_agreement;
ALTER TABLE partnership_segment DROP CONSTRAINT segment_of_its_sponsors_agreement;
ALTER TABLE partnership_paper DROP CONSTRAINT paper_of_its_sponsors_agreement;
ALTER TABLE partnership_agreement DROP CONSTRAINT agreement_paid_by_its_sponsors_source;
DROP INDEX segment_agreement_and_sponsor, agreement_and_sponsor, funding_source_and_sponsor;
"""


class Migration(migrations.Migration):
    dependencies = [("partnership", "0001_tables"), ("access", "0003_rights")]

    operations = [
        migrations.RunSQL(WHOLE_KEYS, UNDO),
        protected("partnership_fundingsource", app="SELECT, INSERT"),
        protected("partnership_agreement", app="SELECT, INSERT, UPDATE (until)"),
        protected("partnership_paper", app="SELECT, INSERT"),
        protected("partnership_segment", app="SELECT, INSERT, UPDATE (quota)"),
        protected("partnership_budget", app="SELECT, INSERT"),
    ]
