/// The commands of this folder.
enum OwnerCommands {
    static let all: [any Command] = []
}
