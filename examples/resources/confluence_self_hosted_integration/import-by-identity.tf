import {
  to = confluence_self_hosted_integration.wiki
  identity = {
    app_id = "2xKpPzZz9y8x7w6v5u4t3s2r1q0"
    id     = "2xKpQ0aZb1Yc2Xd3We4Vf5Ug6Th"
  }
}
