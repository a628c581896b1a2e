"""BPJS's word on contributions and savings: the kode iuran of a month, the JHT balance of a person."""

import django.db.models.deletion
from django.db import migrations, models

from lindung.access.row_security import WHOLE_CITY, protected

KEYS = """
ALTER TABLE contributions_contributioncode
    ADD CONSTRAINT contribution_code_of_its_import FOREIGN KEY (word_id, word_kind, sponsor_id)
        REFERENCES membership_branchimport (id, kind, sponsor_id),
    ADD CONSTRAINT contribution_code_of_its_sponsors_agreement FOREIGN KEY (agreement_id, sponsor_id)
        REFERENCES partnership_agreement (id, sponsor_id);
ALTER TABLE contributions_branchbalance
    ADD CONSTRAINT branch_balance_of_its_import FOREIGN KEY (word_id, word_kind, sponsor_id)
        REFERENCES membership_branchimport (id, kind, sponsor_id),
    ADD CONSTRAINT branch_balance_of_its_sponsors_person FOREIGN KEY (person_id, sponsor_id)
        REFERENCES people_personscope (person_id, sponsor_id);
CREATE TRIGGER contribution_code_is_ours_to_say BEFORE INSERT ON contributions_contributioncode
    FOR EACH ROW EXECUTE FUNCTION branch_word_is_ours_to_say('contribution_code');
CREATE TRIGGER branch_balance_is_ours_to_say BEFORE INSERT ON contributions_branchbalance
    FOR EACH ROW EXECUTE FUNCTION branch_word_is_ours_to_say('jht_balance');
"""

UNDO = """
DROP TRIGGER branch_balance_is_ours_to_say ON contributions_branchbalance;
DROP TRIGGER contribution_code_is_ours_to_say ON contributions_contributioncode;
ALTER TABLE contributions_branchbalance DROP CONSTRAINT branch_balance_of_its_sponsors_person,
    DROP CONSTRAINT branch_balance_of_its_import;
ALTER TABLE contributions_contributioncode DROP CONSTRAINT contribution_code_of_its_sponsors_agreement,
    DROP CONSTRAINT contribution_code_of_its_import;
"""

# As in membership: a word of BPJS comes in by the loader inside an import; what is decided here, by the whole city.
SAYING = f"""(current_user = 'lindung_loader' AND lindung_scope() = 'system:branch_word' AND decided_by = 'bpjs')
    OR (current_user <> 'lindung_loader' AND decided_by = 'here' AND {WHOLE_CITY})"""
OF_A_PERSON = """lindung_sees(sponsor_id)
    AND (lindung_sees_place('*') OR EXISTS (SELECT 1 FROM people_person p WHERE p.id = person_id))"""


class Migration(migrations.Migration):
    dependencies = [
        ("contributions", "0006_budget_year"),
        ("access", "0008_clients"),
        ("membership", "0007_branch_word"),
        ("people", "0003_families"),
        ("partnership", "0007_authority"),
    ]

    operations = [
        migrations.CreateModel(
            name="ContributionCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("decided_by", models.CharField(max_length=4)),
                ("said_on", models.DateField()),
                ("word_kind", models.CharField(max_length=20)),
                ("line", models.IntegerField(null=True)),
                ("month", models.DateField()),
                ("code", models.CharField(max_length=40)),
                ("amount", models.BigIntegerField()),
                ("people", models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="BranchBalance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("decided_by", models.CharField(max_length=4)),
                ("said_on", models.DateField()),
                ("word_kind", models.CharField(max_length=20)),
                ("line", models.IntegerField(null=True)),
                ("as_of", models.DateField()),
                ("balance", models.BigIntegerField()),
                (
                    "event",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.auditevent",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "sponsor",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.organisation",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="branchbalance",
            name="word",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="membership.branchimport",
            ),
        ),
        migrations.AddField(
            model_name="contributioncode",
            name="agreement",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="partnership.agreement",
            ),
        ),
        migrations.AddField(
            model_name="contributioncode",
            name="event",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="access.auditevent",
            ),
        ),
        migrations.AddField(
            model_name="contributioncode",
            name="sponsor",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="access.organisation",
            ),
        ),
        migrations.AddField(
            model_name="contributioncode",
            name="word",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="membership.branchimport",
            ),
        ),
        migrations.AddConstraint(
            model_name="branchbalance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("word_kind", "balance"),
                    models.Q(
                        models.Q(("decided_by", "bpjs"), ("line__isnull", False), ("word__isnull", False)),
                        models.Q(("decided_by", "here"), ("line__isnull", True), ("word__isnull", True)),
                        _connector="OR",
                    ),
                ),
                name="branch_balance_names_its_source",
            ),
        ),
        migrations.AddConstraint(
            model_name="branchbalance",
            constraint=models.UniqueConstraint(fields=("word", "line"), name="branch_balance_once_per_line"),
        ),
        migrations.AddConstraint(
            model_name="branchbalance",
            constraint=models.CheckConstraint(
                condition=models.Q(("balance__gte", 0)), name="branch_balance_not_negative"
            ),
        ),
        migrations.AddIndex(
            model_name="contributioncode",
            index=models.Index(fields=["agreement", "month"], name="codes_of_a_month"),
        ),
        migrations.AddConstraint(
            model_name="contributioncode",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("word_kind", "contribution_code"),
                    models.Q(
                        models.Q(("decided_by", "bpjs"), ("line__isnull", False), ("word__isnull", False)),
                        models.Q(("decided_by", "here"), ("line__isnull", True), ("word__isnull", True)),
                        _connector="OR",
                    ),
                ),
                name="contribution_code_names_its_source",
            ),
        ),
        migrations.AddConstraint(
            model_name="contributioncode",
            constraint=models.UniqueConstraint(
                fields=("word", "line"), name="contribution_code_once_per_line"
            ),
        ),
        migrations.AddConstraint(
            model_name="contributioncode",
            constraint=models.CheckConstraint(
                condition=models.Q(("month__day", 1)), name="contribution_code_month_is_a_first_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="contributioncode",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount__gt", 0), ("people__gt", 0), models.Q(("code", ""), _negated=True)
                ),
                name="contribution_code_asks_for_something",
            ),
        ),
        migrations.RunSQL(KEYS, UNDO),
        protected("contributions_contributioncode", loader="SELECT, INSERT", adding=SAYING),
        protected("contributions_branchbalance", loader="SELECT, INSERT", visible=OF_A_PERSON, adding=SAYING),
    ]
