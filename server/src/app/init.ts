export { initProject as init } from "../project/initialise";
