internal import Synchronization

/// Where an engine takes its randomness from: the system, or a seed that makes a test repeatable.
package struct RandomSource: RandomNumberGenerator, Sendable {
    private let generate: @Sendable () -> UInt64

    package init() {
        generate = {
            var system = SystemRandomNumberGenerator()
            return system.next()
        }
    }

    /// The sequence of another generator; copies of the source share it.
    package init(_ generator: some RandomNumberGenerator & Sendable) {
        let shared = Shared(generator)
        generate = { shared.next() }
    }

    package mutating func next() -> UInt64 { generate() }

    private final class Shared<Generator: RandomNumberGenerator & Sendable>: Sendable {
        private let generator: Mutex<Generator>

        init(_ generator: Generator) {
            self.generator = Mutex(generator)
        }

        func next() -> UInt64 {
            generator.withLock { $0.next() }
        }
    }
}
