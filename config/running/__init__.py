"""What keeps the site running: its database's limits, its logs, its checks of the deployment, who may sign in."""
