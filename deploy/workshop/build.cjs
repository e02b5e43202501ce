'use strict';
require('./prepare.cjs').prepare();
