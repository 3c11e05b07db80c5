"""Load the demo city; everything it makes carries `demo: true`. Unchanged data changes nothing."""

from config.management.commands.load_reference import Command as LoadReference


class Command(LoadReference):
    help = __doc__
    commands_setting = "DEMO_COMMANDS"
