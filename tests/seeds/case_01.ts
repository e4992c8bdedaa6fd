/** Case 01, a blue-green: its fixtures, and what a run of it must show. */
import manifests from "../fixtures/seeds/01-bluegreen/manifests.yaml" with { type: "text" };
import script from "../fixtures/seeds/01-bluegreen/script.json" with { type: "json" };
import recordedEvents from "../fixtures/seeds/01-bluegreen/events.json" with { type: "json" };
import screens from "../fixtures/seeds/01-bluegreen/screens.json" with { type: "json" };
import snapshot1 from "../fixtures/seeds/01-bluegreen/snapshots/01.json" with { type: "json" };
import snapshot2 from "../fixtures/seeds/01-bluegreen/snapshots/02.json" with { type: "json" };
import snapshot3 from "../fixtures/seeds/01-bluegreen/snapshots/03.json" with { type: "json" };
import snapshot4 from "../fixtures/seeds/01-bluegreen/snapshots/04.json" with { type: "json" };
import snapshot5 from "../fixtures/seeds/01-bluegreen/snapshots/05.json" with { type: "json" };
