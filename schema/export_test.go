package schema

// Compile lets tests compile schemas of their own as the embedded ones are.
var Compile = compile
