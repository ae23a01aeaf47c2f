# The import ID is the ID of the app, which is in the URL of the app's page in ConductorOne.
terraform import confluence_app.wiki 2xKpPzZz9y8x7w6v5u4t3s2r1q0
