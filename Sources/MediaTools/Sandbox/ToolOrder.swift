/// One run of a program in its sandbox.
package struct ToolOrder: Sendable {
    /// Where the result is.
    package enum Output: Sendable, Equatable {
        case standardOutput
        /// A file that the program leaves in its working folder.
        case file(String)
    }

    /// What of the network the program sees.
    package enum Network: Sendable, Equatable {
        /// Nothing, not even this machine.
        case none
        /// One proxy, at ``ToolOrder/proxyURL``; its socket is a file of this machine.
        case proxy(socket: String)
    }

    /// A file that the program finds at ``ToolOrder/path(of:)``.
    package struct Input: Sendable {
        package var name: String
        package var bytes: [UInt8]

        package init(_ name: String, _ bytes: [UInt8]) {
            self.name = name
            self.bytes = bytes
        }
    }

    /// The proxy's address inside the sandbox.
    package static let proxyURL = "http://127.0.0.1:3128"

    /// Absolute.
    package var program: String
    package var arguments: [String]
    package var inputs: [Input] = []
    package var output = Output.standardOutput
    package var limits = ToolLimits()
    package var network = Network.none
    /// Folders beside the system's own that the program may read.
    package var readable: [String] = []

    package init(_ program: String, _ arguments: [String]) {
        self.program = program
        self.arguments = arguments
    }

    /// The folder in memory in which the program works; it is there inside the sandbox alone.
    package static let folder = "/work"

    /// Where the program leaves a file.
    package static func place(of result: String) -> String { "\(folder)/\(result)" }

    /// Where the program finds an input.
    package static func path(of input: String) -> String { "/in/\(input)" }
}
