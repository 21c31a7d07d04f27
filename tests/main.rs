//! Everything that needs more than one module, a file or the program itself.

mod reference;
