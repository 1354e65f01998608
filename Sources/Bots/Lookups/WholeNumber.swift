/// Whole numbers of what others send, which may be anything.
enum WholeNumber {
    /// The nearest; 0 for what is none, and the outermost where it is too far away.
    static func of(_ value: Double) -> Int {
        guard !value.isNaN else { return 0 }
        return Int(exactly: value.rounded()) ?? (value < 0 ? .min : .max)
    }
}
