import {
  to = confluence_app.wiki
  id = "2xKpPzZz9y8x7w6v5u4t3s2r1q0"
}
