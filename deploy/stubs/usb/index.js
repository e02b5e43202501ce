// escpos 2.5.2 names this package and only touches it from an adapter or an image loader we do not use.
module.exports = {};
