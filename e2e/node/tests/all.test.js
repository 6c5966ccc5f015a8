// One process for all tests, in this order, so that the last one knows what the others called.
import './objects.js';
import './contacts.js';
import './batches.js';
import './associations.js';
import './definitions.js';
import './pipelines.js';
import './schemas.js';
import './directory.js';
import './limits.js';
import './faults.js';
import './coverage.js';
