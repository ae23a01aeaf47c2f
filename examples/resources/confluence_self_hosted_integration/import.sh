# The import ID is <app_id>/<connector_id>. Both are in the URL of the connector's page in ConductorOne.
terraform import confluence_self_hosted_integration.wiki 2xKpPzZz9y8x7w6v5u4t3s2r1q0/2xKpQ0aZb1Yc2Xd3We4Vf5Ug6Th
