/* What the browser adds to pages that work without it. Each module looks after one thing and starts itself. */

import "./menus.js";
import "./shortcuts.js";
import "./lists.js";
import "./form.js";
import "./upload.js";
import "./comments.js";
