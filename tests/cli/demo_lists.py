"""The example's two lists as their recipes make them: seconds of work, done once for all who look at them."""

from lindung.cli.demo import workbooks

DISNAKER, KESRA = workbooks.recipes()
OTHER_CITY = workbooks.other_city_recipe()
