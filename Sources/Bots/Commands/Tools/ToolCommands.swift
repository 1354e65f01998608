/// The commands of this folder.
enum ToolCommands {
    static let all: [any Command] = []
}
