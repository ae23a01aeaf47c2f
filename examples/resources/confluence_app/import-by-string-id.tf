# The ID is the app's. It stands in the address of the app's page in ConductorOne.
import {
  to = confluence_app.wiki
  id = "2xKpPzZz9y8x7w6v5u4t3s2r1q0"
}
